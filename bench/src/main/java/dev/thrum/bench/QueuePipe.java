package dev.thrum.bench;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;

/// The JDK's queues as channels.
record QueuePipe(BlockingQueue<Integer> queue) implements DirectPeer.Pipe {
  static QueuePipe of(int capacity) {
    return new QueuePipe(
        switch (capacity) {
          case 0 -> new SynchronousQueue<>();
          case Peer.UNLIMITED -> new LinkedBlockingQueue<>();
          default -> new ArrayBlockingQueue<>(capacity);
        });
  }

  @Override
  public void send(Integer item) throws InterruptedException {
    queue.put(item);
  }

  @Override
  public Integer receive() throws InterruptedException {
    return queue.take();
  }
}
