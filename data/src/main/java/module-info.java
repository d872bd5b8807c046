import org.jspecify.annotations.NullMarked;

/// Pipelines over large data sets: described once, run in this JVM or on a cluster.
@NullMarked
@SuppressWarnings({"module", "requires-automatic"})
module dev.thrum.data {
  requires transitive dev.thrum.core;
  requires static org.jspecify;
  requires static com.github.luben.zstd_jni;
  requires com.esotericsoftware.kryo;
  requires de.siegmar.fastcsv;
  requires transitive java.sql;
  requires org.objenesis;
  requires tools.jackson.databind;

  exports dev.thrum.data;
  exports dev.thrum.data.graph;

  // What checkpoints hold.
  opens dev.thrum.data to
      com.esotericsoftware.kryo;
  opens dev.thrum.data.run to
      com.esotericsoftware.kryo;
}
