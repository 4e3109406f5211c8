/** What other programs are told, apart from the views: commands that run on a regression. */
@NullMarked
package dev.writescope.export;

import org.jspecify.annotations.NullMarked;
