/** Git: the logins and the ssh servers that Slipway knows; page and API. */
@NullMarked
package dev.slipway.web.git;

import org.jspecify.annotations.NullMarked;
