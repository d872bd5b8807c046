/// Who somebody is: what requests carry ([dev.thrum.web.auth.Auth]), passwords
/// ([dev.thrum.web.auth.Passwords]), tokens that are given for them
/// ([dev.thrum.web.auth.PasswordGrant]), and tokens that say by themselves what they are good for
/// ([dev.thrum.web.auth.Jwt]).
package dev.thrum.web.auth;
