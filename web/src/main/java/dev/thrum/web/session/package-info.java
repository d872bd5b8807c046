/// What an application remembers of a browser, in a cookie that only the application can write: a
/// [dev.thrum.web.session.Session] by [dev.thrum.web.session.Sessions], messages for the next page
/// by [dev.thrum.web.session.Flash], and tokens against requests that other sites cause by
/// [dev.thrum.web.session.Csrf].
package dev.thrum.web.session;
