package dev.thrum.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Streams that nobody of good will would write.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
  void noLengthIsBelievedAgainAndAgain() throws Exception {
    int length = 20_000;
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.write(bytes(new Object[length]), 0, bytes(new Object[0]).length - Integer.BYTES);
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(length);
    for (int i = 0; i < 500; i++) { // each is the first element of the one before it
      out.write(new byte[] {'u', 'q', 0, 0x7E, 0, 0});
      out.writeInt(length);
    }
    out.write("p".repeat(length).getBytes(StandardCharsets.US_ASCII));
    assertRefused(stream.toByteArray(), "longer than what has come");
  }

  @Test
  void tablesThatAreMostlyEmptyAreNoLie() throws Exception {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(new HashMap<>(Map.of("key", i)));
      all.add(new HashSet<>(Set.of("key")));
      IdentityHashMap<String, Integer> identities = new IdentityHashMap<>();
      identities.put("key", i);
      all.add(identities);
      all.add(new ArrayDeque<>());
    }
    assertEquals(all.size(), ((List<?>) admitted(bytes(all))).size());
  }

  @Test
  void objectsThatAreNestedTooDeeplyAreRefused() throws Exception {
    inDeepThread(() -> {
      List<Object> inner = new ArrayList<>();
      for (int i = 0; i < 6_000; i++) {
        inner = new ArrayList<>(List.<Object>of(inner));
      }
      assertRefused(bytes(inner), "nested too deeply");
    });
  }

  /// In a thread whose stack is no bound.
  private static void inDeepThread(VoidBody<Exception> body) throws Exception {
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          body.run();
          return true;
        });
    new Thread(null, task, "deep", 64 << 20).start();
    assertTrue(task.get());
  }

  @Test
  void aBodyThatHasMoreThanWasDeclaredIsNotRead() throws Exception {
    Content content =
        Content.of(out -> {
          out.writeInt(1);
          out.writeInt(0);
          out.write(bytes(new Decoy()));
        });
    Parcel parcel = Parcel.read(in(content));
    IOException refused =
        assertThrows(IOException.class, () -> parcel.unpack(GateTest.class.getClassLoader()));
    assertTrue(refused.getMessage().contains("GateTest$Decoy"), refused::toString);
  }

  private static DataInputStream in(Content content) {
    return new DataInputStream(new ByteArrayInputStream(content.toByteArray()));
  }

  @Test
  void aChildBorrowsOnlyFromTheLoadersOfItsBodies() throws Exception {
    ClassLoader loader = GateTest.class.getClassLoader();
    int number = in(Lenders.head(loader, Set.of())).readInt();
    assertTrue(isLent(number, Set.of(loader)));
    assertFalse(isLent(number, Set.of()));
    assertFalse(isLent(number + 1_000_000, Set.of(loader)));
  }

  private static boolean isLent(int number, Set<ClassLoader> lenders) throws IOException {
    Content question =
        Content.of(out -> {
          out.writeInt(7);
          out.writeInt(number);
          Content.writeText(out, GateTest.class.getName().replace('.', '/') + ".class");
        });
    DataInputStream answer = in(Lenders.answer(in(question), lenders));
    assertEquals(7, answer.readInt());
    return answer.readBoolean();
  }

  @Test
  void thePathOfASocketIsMeasuredInBytes() {
    assertTrue(Rendezvous.fits(Path.of("/" + "a".repeat(62))));
    assertFalse(Rendezvous.fits(Path.of("/" + "ä".repeat(62))));
  }

  @Test
  void everyExceptionOfThrumMayComeBack() throws Exception {
    for (String name : Admission.OF_THRUM) {
      Class<?> type = Class.forName(name);
      assertTrue(Serializable.class.isAssignableFrom(type), name);
    }
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
