package dev.thrum.web.internal;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What `br` does, if the library `com.aayushatharva.brotli4j:brotli4j` is there, with its part for
/// this machine.
record BrotliCoding() implements Coding {
  private static final int QUALITY = 4;
  private static final int BUFFER = 1 << 14;

  static Coding load() {
    Brotli4jLoader.ensureAvailability();
    return new BrotliCoding();
  }

  @Override
  public OutputStream packing(OutputStream out) throws IOException {
    return new BrotliOutputStream(out, Encoder.Parameters.create(QUALITY), BUFFER);
  }

  @Override
  public InputStream unpacking(InputStream in) throws IOException {
    return new BrotliInputStream(in, BUFFER);
  }
}
