package dev.thrum.web;

import dev.thrum.http.Headers;
import dev.thrum.http.internal.HttpDate;
import dev.thrum.web.internal.ByteRanges;
import dev.thrum.web.internal.Preconditions;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// A file, and the part of it that a request wants.
///
/// @param path where it is
/// @param type the type of its content
/// @param size how many bytes it has
/// @param changed when it has changed last
/// @param etag its tag, in quotes
record FileAnswer(Path path, String type, long size, Instant changed, String etag) {

  /// A tag that is made of the size and the time of a file.
  ///
  /// @param coding how it is compressed; empty if it is not
  static String etag(BasicFileAttributes about, String coding) {
    Instant changed = about.lastModifiedTime().toInstant();
    long nanos = changed.getEpochSecond() * 1_000_000_000L + changed.getNano();
    String tag = Long.toHexString(nanos) + "-" + Long.toHexString(about.size());
    return '"' + tag + (coding.isEmpty() ? "" : "-" + coding) + '"';
  }

  /// The answer to a `GET` or a `HEAD`.
  ///
  /// @param method the method
  /// @param headers those of the request
  /// @param base what else the response has
  /// @param coding how it is compressed; empty if it is not
  Response answer(String method, Headers headers, Response base, String coding) {
    Preconditions conditions = new Preconditions(etag, changed);
    Response plain =
        base.header("ETag", etag)
            .header("Last-Modified", HttpDate.of(changed))
            .header("Accept-Ranges", "bytes");
    Optional<Integer> refusal = conditions.refusal(headers);
    if (refusal.isPresent()) {
      return empty(plain).status(refusal.get());
    }
    Response typed = plain.type(type);
    if (!coding.isEmpty()) {
      typed = typed.header("Content-Encoding", coding);
    }
    boolean ranges = method.equals("GET") && conditions.rangesCount(headers);
    Optional<List<ByteRanges.Part>> parts =
        headers.get("Range").filter(_ -> ranges).flatMap(line -> ByteRanges.parse(line, size));
    return parts.isEmpty() ? whole(typed) : partly(plain, typed, parts.get());
  }

  private static Response empty(Response plain) {
    return plain.removeHeader("Content-Type").with(Content.NONE);
  }

  /// All of it.
  Response whole(Response response) {
    return response.with(
        new Content.FileParts(path, List.of(new Content.FilePart("", 0, size)), ""));
  }

  private Response partly(Response plain, Response typed, List<ByteRanges.Part> parts) {
    if (parts.isEmpty()) {
      return empty(plain).status(416).header("Content-Range", "bytes */" + size);
    }
    if (parts.size() > 1) {
      return several(typed, parts);
    }
    ByteRanges.Part part = parts.getFirst();
    return typed
        .status(206)
        .header("Content-Range", part.header(size))
        .with(
            new Content.FileParts(
                path, List.of(new Content.FilePart("", part.first(), part.count())), ""));
  }

  private Response several(Response typed, List<ByteRanges.Part> parts) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String boundary = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    List<Content.FilePart> made = new ArrayList<>();
    for (ByteRanges.Part part : parts) {
      String before =
          (made.isEmpty() ? "--" : "\r\n--")
              + (boundary + "\r\nContent-Type: " + type)
              + ("\r\nContent-Range: " + part.header(size) + "\r\n\r\n");
      made.add(new Content.FilePart(before, part.first(), part.count()));
    }
    return typed
        .status(206)
        .type("multipart/byteranges; boundary=" + boundary)
        .with(new Content.FileParts(path, made, "\r\n--" + boundary + "--\r\n"));
  }
}
