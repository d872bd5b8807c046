package dev.thrum.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams that nobody of good will would write.
class GateTest {
  private static final List<String> RUN = new ArrayList<>();

  /// What a stream says it has.
  static final class Decoy implements Serializable {
    private static final long serialVersionUID = 7L;
  }

  /// What it has when its bytes are changed: the name is as long.
  static final class Trapp implements Serializable {
    private static final long serialVersionUID = 7L;

    static {
      RUN.add("initialized");
    }
  }

  @TempDir Path folder;

  private static byte[] bytes(Object object) throws IOException {
    return Packer.pack(object).content().toByteArray();
  }

  private static byte[] replaced(byte[] bytes, String old, String fresh) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(old));
    return text.replace(old, fresh).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// As the parent reads what a body of this test gave back.
  private static Object admitted(byte[] bytes) throws Exception {
    Admission.Answer answer = new Admission.Answer(Object.class, () -> List.of(), Set.of());
    return unpacked(bytes, new Admission(answer, bytes.length));
  }

  private static Object unpacked(byte[] bytes, Gate gate) throws Exception {
    return Unpacker.unpack(new ByteArrayInputStream(bytes), GateTest.class.getClassLoader(), gate);
  }

  private static void assertRefused(byte[] bytes, String text) {
    IOException refused = assertThrows(IOException.class, () -> admitted(bytes));
    assertTrue(String.valueOf(refused.getMessage()).contains(text), refused::toString);
  }

  @Test
  void aClassThatMayNotComeInIsNamedAndNeverInitialized() throws Exception {
    byte[] hostile = replaced(bytes(new Decoy()), "$Decoy", "$Trapp");
    assertRefused(hostile, "GateTest$Trapp");
    assertRefused(replaced(bytes(new Decoy[1]), "$Decoy", "$Trapp"), "GateTest$Trapp");
    assertRefused(replaced(bytes(Decoy.class), "$Decoy", "$Trapp"), "GateTest$Trapp");
    assertRefused(
        replaced(bytes(new ArrayList<>(List.of(new Decoy()))), "$Decoy", "$Trapp"),
        "GateTest$Trapp");
    assertEquals(List.of(), RUN);
  }

  @Test
  void aChildDoesNotEvenLookUpWhatWasNotDeclared() throws Exception {
    ClassLoader none =
        new ClassLoader(null) {
          @Override
          protected Class<?> findClass(String name) {
            throw new AssertionError("looked up " + name);
          }
        };
    byte[] bytes = bytes(new Decoy());
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                Unpacker.unpack(
                    new ByteArrayInputStream(bytes),
                    none,
                    new Declared(Set.of("another"), bytes.length)));
    assertTrue(refused.getMessage().contains("GateTest$Decoy"), refused::toString);
  }

  @Test
  void codeDoesNotComeIn() throws Exception {
    assertRefused(
        bytes((Comparator<String> & Serializable) (_, _) -> 0), "code is not taken from a child");
    Object proxy =
        Proxy.newProxyInstance(
            GateTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, new Handler());
    assertRefused(bytes(proxy), "proxy of java.lang.Runnable");
    assertRefused(bytes(new Anew(Decoy.class)), "Anew");
  }

  private record Handler() implements java.lang.reflect.InvocationHandler, Serializable {
    @Override
    public Object invoke(Object self, java.lang.reflect.Method method, Object[] arguments) {
      RUN.add("invoked");
      return "";
    }
  }

  @Test
  void aLengthIsNotBelieved() throws Exception {
    byte[] bytes = bytes(new int[] {1, 2, 3});
    ByteBuffer.wrap(bytes).putInt(bytes.length - 16, Integer.MAX_VALUE);
    assertRefused(bytes, "longer than what has come");
  }

  @Test
  void objectsThatAreNestedTooDeeplyAreRefused() throws Exception {
    List<byte[]> made = new ArrayList<>();
    Thread deep =
        new Thread(
            null,
            () -> {
              List<Object> inner = new ArrayList<>();
              for (int i = 0; i < 6_000; i++) {
                inner = new ArrayList<>(List.<Object>of(inner));
              }
              try {
                made.add(bytes(inner));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            },
            "deep",
            64 << 20);
    deep.start();
    deep.join();
    assertRefused(made.getFirst(), "nested too deeply");
  }

  @Test
  void aWireDoesNotBelieveALengthOrACode() throws Exception {
    assertThrows(EOFException.class, () -> received(Integer.MAX_VALUE, 'V'));
    assertThrows(StreamCorruptedException.class, () -> received(-1, 'V'));
    assertThrows(StreamCorruptedException.class, () -> received(0, '?'));
    assertThrows(EOFException.class, () -> received(5, 'V'));
  }

  private Frame received(int length, char code) throws IOException {
    UnixDomainSocketAddress address =
        UnixDomainSocketAddress.of(folder.resolve(length + "-" + (int) code));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      var _ = server.bind(address);
      try (SocketChannel other = SocketChannel.open(address);
          Wire wire = new Wire(server.accept(), null)) {
        try (DataOutputStream out =
            new DataOutputStream(java.nio.channels.Channels.newOutputStream(other))) {
          out.writeInt(length);
          out.write(code);
        }
        return wire.receive();
      }
    }
  }
}
