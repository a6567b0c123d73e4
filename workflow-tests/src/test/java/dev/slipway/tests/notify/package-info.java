@NullMarked
package dev.slipway.tests.notify;

import org.jspecify.annotations.NullMarked;
