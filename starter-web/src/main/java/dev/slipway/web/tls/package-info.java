/** TLS by a certificate and a key in PEM files, read anew when they are renewed. */
@NullMarked
package dev.slipway.web.tls;

import org.jspecify.annotations.NullMarked;
