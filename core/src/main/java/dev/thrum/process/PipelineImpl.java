package dev.thrum.process;

import dev.thrum.internal.LeftOpen;
import dev.thrum.sync.Mutex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Several processes as one.
final class PipelineImpl implements Pipeline {
  private final List<SubprocessImpl> all;
  private final Mutex turn;
  private final Runnable noted;

  PipelineImpl(List<SubprocessImpl> all) {
    this.all = all;
    this.turn = Mutex.create("communicating with " + this);
    this.noted = LeftOpen.unlessClosed(this, () -> all.stream().anyMatch(SubprocessImpl::isAlive));
  }

  @Override
  public List<Subprocess> processes() {
    return List.copyOf(all);
  }

  @Override
  public PipeWriter stdin() {
    return all.getFirst().stdin();
  }

  @Override
  public PipeReader stdout() {
    return all.getLast().stdout();
  }

  @Override
  public List<Integer> waitFor() {
    return all.stream().map(Subprocess::waitFor).toList();
  }

  @Override
  public List<Completed> communicate() throws IOException {
    return communicateWith(null);
  }

  @Override
  public List<Completed> communicate(byte[] input) throws IOException {
    return communicateWith(input.clone());
  }

  @Override
  public List<Completed> communicate(String input) throws IOException {
    return communicateWith(input.getBytes(all.getFirst().command().charset()));
  }

  private List<Completed> communicateWith(byte @Nullable [] input) throws IOException {
    return turn.withLock(() -> {
      all.getFirst().feed(input);
      all.forEach(process -> process.limit(false));
      try {
        List<Completed> ends = new ArrayList<>();
        for (SubprocessImpl process : all) {
          ends.add(process.collect());
        }
        return List.copyOf(ends);
      } finally {
        all.forEach(process -> process.limit(true));
      }
    });
  }

  @Override
  public void close() {
    noted.run();
    all.forEach(SubprocessImpl::beginClose);
    all.forEach(SubprocessImpl::close);
  }

  @Override
  public String toString() {
    return all.stream().map(SubprocessImpl::toString).collect(Collectors.joining(" | "));
  }
}
