/** Who may do what, and where: permissions, the roles that bundle them, and the grants that give a role to somebody. */
@NullMarked
package dev.slipway.workflows.people;

import org.jspecify.annotations.NullMarked;
