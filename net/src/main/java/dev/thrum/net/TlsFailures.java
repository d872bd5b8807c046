package dev.thrum.net;

import io.netty.handler.ssl.NotSslRecordException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// Errors of TLS as exceptions of the JDK, whichever engine has found them, and with all that their
/// causes say.
final class TlsFailures {
  private static final Pattern OPENSSL =
      Pattern.compile("error:\\w+:SSL routines:OPENSSL_internal:(?:\\w+_ALERT_(\\w+)|(\\w+))");
  private static final String OPENSSL_SAYS_NOTHING = "General OpenSslEngine problem";

  private TlsFailures() {}

  static SSLException plain(SSLException found) {
    String message = found instanceof NotSslRecordException ? "what came is not TLS" : tell(found);
    SSLException made =
        found instanceof SSLHandshakeException
            ? new SSLHandshakeException(message)
            : new SSLException(message);
    made.initCause(found);
    return made;
  }

  /// Whether something else than TLS has come.
  static boolean isClearText(Throwable found) {
    return found instanceof NotSslRecordException
        || found.getCause() instanceof NotSslRecordException;
  }

  /// The messages of an error and of its causes, each if it says something new.
  private static String tell(Throwable found) {
    StringBuilder told = new StringBuilder();
    for (Throwable one = found; one != null; one = one.getCause()) {
      String message = inWords(String.valueOf(one.getMessage()));
      if (!message.equals(OPENSSL_SAYS_NOTHING) && told.indexOf(stem(message)) < 0) {
        told.append(told.isEmpty() ? "" : ": ").append(message);
      }
    }
    return told.toString();
  }

  private static String stem(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String inWords(String message) {
    Matcher code = OPENSSL.matcher(message);
    if (!code.matches()) {
      return message;
    }
    String alert = code.group(1);
    String words = alert == null ? code.group(2) : "the peer refuses, " + alert;
    return words.replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
