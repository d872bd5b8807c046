package dev.thrum.data;

import java.io.IOException;
import java.io.InputStream;

/// Zstandard, if its library is there.
final class Zstd {
  private Zstd() {}

  static InputStream in(InputStream packed) throws IOException {
    try {
      return new com.github.luben.zstd.ZstdInputStream(packed);
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          "to read .zst files add the library com.github.luben:zstd-jni to the class path", e);
    }
  }
}
