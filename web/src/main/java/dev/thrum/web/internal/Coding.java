package dev.thrum.web.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/// How contents are compressed. What it makes is to be closed, as it may hold memory outside of
/// Java's.
public interface Coding {

  /// Those that this program can do, the best first: `zstd` and `br` where their libraries are
  /// there, `gzip`, `deflate`.
  Map<String, Coding> ALL = all();

  private static Map<String, Coding> all() {
    Map<String, Coding> made = new LinkedHashMap<>();
    addIfThere(made, "zstd", ZstdCoding::load);
    addIfThere(made, "br", BrotliCoding::load);
    made.put("gzip", new Gzip());
    made.put("deflate", new Deflate());
    return made;
  }

  private static void addIfThere(Map<String, Coding> to, String name, Supplier<Coding> loading) {
    try {
      to.put(name, loading.get());
    } catch (LinkageError _) {
      // the library is not there, or not for this machine
    }
  }

  /// Their names.
  ///
  /// @return the names, the best first
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /// Compresses what is written. A flush makes all of it readable for the other side.
  ///
  /// @param out gets the compressed bytes; it is closed with what this returns
  /// @return where to write
  /// @throws IOException if writing fails
  OutputStream packing(OutputStream out) throws IOException;

  /// Reads what was compressed.
  ///
  /// @param in the compressed bytes
  /// @return where to read
  /// @throws IOException if they are none
  InputStream unpacking(InputStream in) throws IOException;

  /// What `gzip` does.
  record Gzip() implements Coding {
    @Override
    public OutputStream packing(OutputStream out) throws IOException {
      return new GZIPOutputStream(out, 512, true);
    }

    @Override
    public InputStream unpacking(InputStream in) throws IOException {
      return new GZIPInputStream(in);
    }
  }

  /// What `deflate` does.
  record Deflate() implements Coding {
    @Override
    public OutputStream packing(OutputStream out) {
      return new DeflaterOutputStream(out, true);
    }

    @Override
    public InputStream unpacking(InputStream in) {
      return new InflaterInputStream(in);
    }
  }
}
