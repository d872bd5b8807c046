package dev.thrum.web.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A part of a form that is to be sent.
///
/// @param head its headers
/// @param content what it holds
@SuppressWarnings("ArrayRecordComponent")
record FormPart(String head, byte[] content) {
  private static final String BOUNDARY = "----ThrumTestClientBoundary7f3a9c51e04d";

  /// The type of a form in parts.
  static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

  FormPart(String name, String value) {
    this(disposition(name), value.getBytes(StandardCharsets.UTF_8));
  }

  FormPart(String name, String fileName, String type, byte[] content) {
    this(
        disposition(name) + ("; filename=\"" + escaped(fileName) + "\"\r\nContent-Type: " + type),
        content.clone());
  }

  private static String disposition(String name) {
    return "Content-Disposition: form-data; name=\"" + escaped(name) + '"';
  }

  /// As browsers do it.
  private static String escaped(String text) {
    return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  static byte[] encode(List<FormPart> parts) {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    for (FormPart one : parts) {
      made.writeBytes(utf8("--" + BOUNDARY + "\r\n" + one.head + "\r\n\r\n"));
      made.writeBytes(one.content);
      made.writeBytes(utf8("\r\n"));
    }
    made.writeBytes(utf8("--" + BOUNDARY + "--\r\n"));
    return made.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
