package dev.thrum.data;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Zstandard, if its library is there.
final class Zstd {
  private Zstd() {}

  static InputStream in(InputStream packed) throws IOException {
    try {
      return new Unpacked(new ZstdInputStream(packed));
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          "to read .zst files add the library com.github.luben:zstd-jni to the class path", e);
    }
  }

  private static final class Unpacked extends FilterInputStream {
    Unpacked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (ZstdIOException e) {
        throw new DamagedFile(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
