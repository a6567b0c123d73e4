/**
 * Commands from chats: {@code POST /api/v1/chat/{provider}}.
 *
 * <p>A delivery is read as bytes and verified over them ({@link dev.slipway.web.chat.ChatEndpoint}), its command is recorded, and
 * the chat is answered at once; what takes longer is done after ({@link dev.slipway.web.chat.ChatDesk}) and told by the response
 * address that came with the command. A chat user is a person of Slipway once that person confirmed it; what may be done is
 * what that person may do at that moment.
 *
 * <p><b>Another provider</b> is one class, {@link dev.slipway.web.chat.ChatProvider}, with {@code @Component}: how its
 * deliveries are verified, how a command is read from the bytes, what an answer looks like, and how often and how long the
 * response address may be used. Its {@code word()} is the last part of the endpoint's path; text {@code chatProvider.<word>} in
 * both languages. {@code SlackProviderTest} shows how one is tested: the provider's documented sample first, then each byte of it
 * changed.
 */
@NullMarked
package dev.slipway.web.chat;

import org.jspecify.annotations.NullMarked;
