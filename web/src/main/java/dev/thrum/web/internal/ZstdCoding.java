package dev.thrum.web.internal;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What `zstd` does, if the library `com.github.luben:zstd-jni` is there.
record ZstdCoding() implements Coding {
  private static final int LEVEL = 3;

  /// As much of what came before may be referred to as RFC 9659 allows: 8 MiB.
  private static final int LARGEST_WINDOW = 23;

  static Coding load() {
    Native.load();
    return new ZstdCoding();
  }

  @Override
  public OutputStream packing(OutputStream out) throws IOException {
    return new ZstdOutputStream(out, LEVEL);
  }

  @Override
  public InputStream unpacking(InputStream in) throws IOException {
    return new ZstdInputStream(in).setLongMax(LARGEST_WINDOW);
  }
}
