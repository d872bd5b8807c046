package shop;

import dev.thrum.web.FormLimits;
import dev.thrum.web.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Pictures of products: files that are named by what is in them, so that they never change.
record Pictures(Path folder) {
  private static final int LARGEST = 2 << 20;

  /// For the routes that take them.
  static final FormLimits LIMITS = FormLimits.STANDARD.withFiles(1).withFile(LARGEST);

  /// Keeps a picture that somebody has sent, and returns its name. What it is is looked up in the
  /// file; what the browser says of it does not count.
  Optional<String> keep(Optional<Upload> sent) throws IOException {
    if (sent.isEmpty() || sent.get().size() == 0) {
      return Optional.empty();
    }
    byte[] content = sent.get().bytes();
    String type =
        typeOf(content).orElseThrow(() -> Site.wrong("picture", "A PNG, JPEG or WebP, please."));
    String name = nameOf(content) + type;
    sent.get().saveTo(folder.resolve(name));
    return Optional.of(name);
  }

  private static Optional<String> typeOf(byte[] content) {
    String begin =
        new String(content, 0, Math.min(12, content.length), StandardCharsets.ISO_8859_1);
    if (begin.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(".png");
    }
    if (begin.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(".jpg");
    }
    return begin.matches("(?s)RIFF....WEBP") ? Optional.of(".webp") : Optional.empty();
  }

  private static String nameOf(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
