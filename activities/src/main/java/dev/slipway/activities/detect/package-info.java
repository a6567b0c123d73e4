/** What a repository holds and how it becomes images: recognised by its files, which are read and never run. */
@NullMarked
package dev.slipway.activities.detect;

import org.jspecify.annotations.NullMarked;
