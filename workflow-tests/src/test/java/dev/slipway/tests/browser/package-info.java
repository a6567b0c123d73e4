/** What a person does and sees, in a real browser: the demo's story, new applications, every page as a picture. */
@NullMarked
package dev.slipway.tests.browser;

import org.jspecify.annotations.NullMarked;
