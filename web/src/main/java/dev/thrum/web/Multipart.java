package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.web.internal.Accept;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.jspecify.annotations.Nullable;

/// A form of type `multipart/form-data` while it is read, part by part.
final class Multipart {
  private static final int BUFFER = 1 << 15;
  private static final int LONGEST_HEAD = 8 << 10;
  private static final int LONGEST_BOUNDARY = 70;

  /// What is as small as that does not get a descriptor of its own.
  private static final int SMALL = 4 << 10;

  private final Request request;
  private final FormLimits limits;
  private final Map<String, List<String>> fields = new LinkedHashMap<>();
  private final Map<String, List<Upload>> files = new LinkedHashMap<>();
  private final byte[] buffer = new byte[BUFFER];
  private int fieldCount;
  private int fileCount;
  private int textLeft;
  private int memoryLeft;

  private Multipart(Request request, FormLimits limits) {
    this.request = request;
    this.limits = limits;
    this.textLeft = limits.text();
    this.memoryLeft = limits.memory();
  }

  static RequestForm read(Request request, InputStream body, FormLimits limits) throws IOException {
    return new Multipart(request, limits).read(body);
  }

  /// What is below the parser, which takes every failure for an end that came too early.
  private static final class Source extends FilterInputStream {
    private final byte[] first;
    private int known;
    @Nullable IOException failure;

    Source(InputStream in, int remembered) {
      super(in);
      first = new byte[remembered];
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        int count = super.read(into, from, length);
        int kept = Math.clamp(count, 0, first.length - known);
        System.arraycopy(into, from, first, known, kept);
        known += kept;
        return count;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    /// Whether what came has begun with a text.
    boolean began(String text) {
      return new String(first, 0, known, StandardCharsets.ISO_8859_1).equals(text);
    }
  }

  private RequestForm read(InputStream body) throws IOException {
    String boundary = boundary();
    String end = "--" + boundary + "--";
    Source source = new Source(body, end.length());
    try {
      parts(source, boundary, end);
      while (source.read(buffer, 0, buffer.length) >= 0) {
        // what comes after the last part says nothing
      }
    } catch (FileUploadSizeException e) {
      throw new HttpException(400, "the head of a part has more than " + LONGEST_HEAD + " bytes");
    } catch (FileUploadException e) {
      IOException below = source.failure;
      if (below != null) {
        throw below;
      }
      throw malformed(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    }
    return new RequestForm(Params.of("body", fields), files);
  }

  private void parts(Source source, String boundary, String end) throws IOException {
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(source)
            .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
            .setBufferSize(BUFFER)
            .setMaxPartHeaderSize(LONGEST_HEAD)
            .get();
    input.setHeaderCharset(StandardCharsets.UTF_8);
    boolean more = input.skipPreamble();
    if (source.failure != null) {
      throw source.failure;
    }
    if (!more && !source.began(end)) {
      throw malformed("no boundary");
    }
    while (more) {
      part(input);
      more = input.readBoundary();
    }
  }

  private String boundary() {
    String type = request.headers().get("Content-Type", "");
    String found = parameters(type).getOrDefault("boundary", "");
    if (found.isEmpty() || found.length() > LONGEST_BOUNDARY) {
      throw malformed("no boundary in Content-Type");
    }
    return found;
  }

  private static HttpException malformed(String why) {
    return new HttpException(400, "malformed form: " + why);
  }

  /// Names with values, which are empty where there is none. What looks like a word in the encoding
  /// of mails is none: the parser does not see it, as a sign that no header has stands in it.
  private static Map<String, String> parameters(String header) {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    Map<String, String> all = new HashMap<>();
    try {
      parser
          .parse(header.replace("=?", "=\0?"), ';')
          .forEach((name, value) -> all.put(name, value == null ? "" : value.replace("\0", "")));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      throw malformed("a header");
    }
    return all;
  }

  // Parts

  private void part(MultipartInput input) throws IOException {
    Headers headers = headers(input.readHeaders());
    List<String> dispositions = headers.all("Content-Disposition");
    String disposition = dispositions.size() == 1 ? dispositions.getFirst() : "";
    if (!Accept.bare(disposition).equals("form-data")) {
      throw malformed("a part without Content-Disposition: form-data");
    }
    Map<String, String> parameters = parameters(disposition);
    String name = parameters.get("name");
    if (name == null) {
      throw malformed("a part without a name");
    }
    String fileName = parameters.get("filename");
    if (fileName == null) {
      field(input, unescaped(name), headers);
    } else {
      file(input, unescaped(name), unescaped(fileName), headers);
    }
  }

  /// What browsers write in the place of signs that cannot stand in quotes.
  private static String unescaped(String text) {
    return text.replace("\\\"", "\"")
        .replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n");
  }

  private static Headers headers(String head) {
    Headers made = Headers.create();
    for (String line : head.split("\r\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1 || line.charAt(0) <= ' ' || line.chars().anyMatch(Multipart::isControl)) {
        throw malformed("a header of a part");
      }
      try {
        var _ = made.add(line.substring(0, colon), line.substring(colon + 1).strip());
      } catch (IllegalArgumentException _) {
        throw malformed("a header of a part");
      }
    }
    return made;
  }

  private static boolean isControl(int one) {
    return (one < ' ' && one != '\t') || one == 127;
  }

  private void field(MultipartInput input, String name, Headers headers) throws IOException {
    if (++fieldCount > limits.fields()) {
      throw new HttpException(400, "the form has more than " + limits.fields() + " fields");
    }
    takeText(name.length());
    Spool content = new Spool();
    drain(
        input,
        (bytes, count) -> {
          takeText(count);
          content.add(bytes, count, Integer.MAX_VALUE);
        });
    byte[] bytes = new byte[content.inMemory()];
    int _ = content.read(0, bytes, 0, bytes.length);
    String value = new String(bytes, charset(headers));
    fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }

  private void takeText(int count) {
    textLeft -= count;
    if (textLeft < 0) {
      throw new HttpException(
          413, "the fields of the form have more than " + limits.text() + " bytes");
    }
  }

  private static Charset charset(Headers headers) {
    try {
      return headers
          .get("Content-Type")
          .flatMap(Accept::charset)
          .<Charset>map(Charset::forName)
          .orElse(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
      throw new HttpException(415, "unknown charset");
    }
  }

  private void file(MultipartInput input, String name, String fileName, Headers headers)
      throws IOException {
    if (++fileCount > limits.files()) {
      throw new HttpException(400, "the form has more than " + limits.files() + " files");
    }
    Spool content = new Spool();
    request.closeLater(content);
    drain(
        input,
        (bytes, count) -> {
          if (content.size() + count > limits.file()) {
            throw new HttpException(413, "a file has more than " + limits.file() + " bytes");
          }
          content.add(bytes, count, Math.max(memoryLeft, SMALL));
        });
    content.finish();
    memoryLeft = Math.max(0, memoryLeft - content.inMemory());
    if (fileName.isEmpty() && content.size() == 0) {
      return; // a browser whose user has chosen no file
    }
    files
        .computeIfAbsent(name, _ -> new ArrayList<>(1))
        .add(new Upload(name, fileName, headers, content));
  }

  /// Takes what a part brings.
  private interface Sink {
    void take(byte[] bytes, int count) throws IOException;
  }

  private void drain(MultipartInput input, Sink sink) throws IOException {
    InputStream content = input.newInputStream();
    for (int count = content.read(buffer, 0, buffer.length);
        count >= 0;
        count = content.read(buffer, 0, buffer.length)) {
      sink.take(buffer, count);
    }
  }
}
