package dev.thrum.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.tools.attach.AttachNotSupportedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said about processes that cannot be attached to.
class LocalJvmTest {

  @Test
  void anotherUserIsNamed() {
    assertEquals(
        Optional.of("7 belongs to the user ada, and you are bob; ask as ada or root"),
        LocalJvm.otherUser(7, "ada", "bob"));
    assertEquals(
        Optional.of("7 belongs to the user root, and you are bob; ask as root"),
        LocalJvm.otherUser(7, "root", "bob"));
    assertEquals(Optional.empty(), LocalJvm.otherUser(7, "ada", "ada"));
    assertEquals(Optional.empty(), LocalJvm.otherUser(7, "ada", "root"));
    assertEquals(Optional.empty(), LocalJvm.otherUser(7, "", "ada"));
  }

  @Test
  void whatDoesNotRunCannotAnswer() {
    assertEquals(
        Optional.of("7 is stopped and cannot answer; 'kill -CONT 7' wakes it"),
        LocalJvm.stopped(7, 'T'));
    assertEquals(
        Optional.of("7 is held by a debugger and cannot answer"), LocalJvm.stopped(7, 't'));
    assertEquals(Optional.empty(), LocalJvm.stopped(7, 'S'));
  }

  @Test
  void aRefusalIsAFlag() {
    assertEquals(
        Optional.of(LocalJvm.refuses(7)),
        LocalJvm.refusal(7, List.of("-Xmx1g", "-XX:+DisableAttachMechanism", "Main")));
    assertEquals(Optional.empty(), LocalJvm.refusal(7, List.of("Main")));
  }

  @Test
  void whatTheJdkSaysIsPutIntoOtherWords() {
    assertEquals(
        LocalJvm.refuses(7),
        explained(new AttachNotSupportedException("The VM does not support the attach mechanism")));
    assertEquals(
        "7 does not answer; perhaps it is collecting garbage, or the machine is busy",
        explained(
            new AttachNotSupportedException(
                "Unable to open socket file /proc/7/root/tmp/.java_pid7: target process 7 doesn't"
                    + " respond within 5000ms or HotSpot VM not loaded")));
    assertEquals(
        "you may not look into 7; ask as its user or as root",
        explained(new IOException("/proc/7/root/tmp/.java_pid7: Permission denied")));
    assertEquals("7 is about to end", explained(new IOException("Premature EOF")));
    assertEquals("7 cannot be attached to: odd", explained(new IOException("odd")));
  }

  private static String explained(Exception e) {
    return Attachment.explain(7, e);
  }

  @Test
  void whatIsNoPid() {
    for (long pid : new long[] {0, -1, Long.MAX_VALUE}) {
      var e = assertThrows(TargetException.class, () -> LocalJvm.of(pid));
      assertEquals("there is no process " + pid + "; 'thrum ps' lists the JVMs", e.sentence());
    }
    long self = ProcessHandle.current().pid();
    var e = assertThrows(TargetException.class, () -> LocalJvm.of(self));
    assertEquals(self + " is this command itself; 'thrum ps' lists the JVMs", e.sentence());
  }
}
