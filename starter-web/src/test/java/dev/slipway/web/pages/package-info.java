/** All pages at once, rendered from sample data. */
package dev.slipway.web.pages;
