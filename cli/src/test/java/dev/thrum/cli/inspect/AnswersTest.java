package dev.thrum.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.rmi.UnmarshalException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import javax.management.InstanceNotFoundException;
import javax.management.ReflectionException;
import org.junit.jupiter.api.Test;

/// What is said about questions that get no answer.
class AnswersTest {
  private static final long SELF = ProcessHandle.current().pid();
  private static final Answers THERE = new Answers(new Address.Pid(SELF));
  private static final Answers GONE = new Answers(new Address.Pid(Integer.MAX_VALUE));

  @Test
  void aJvmThatHasEndedMeanwhile() {
    Exception broken = new UnmarshalException("broken", new IOException("reset"));
    assertEquals(Integer.MAX_VALUE + " has ended", explained(GONE, broken));
    assertEquals(
        "the connection to " + SELF + " broke: java.io.IOException: reset",
        explained(THERE, new UndeclaredThrowableException(broken)));
  }

  @Test
  void anotherVersion() {
    String sentence = SELF + " runs a Thrum of another version, which does not know this";
    assertEquals(
        sentence, explained(THERE, new IllegalArgumentException("there is no view 'stalls'")));
    assertEquals(
        sentence,
        explained(
            THERE,
            new UndeclaredThrowableException(new ReflectionException(new Exception("none")))));
  }

  @Test
  void aRefusalIsTheTargetsOwnSentence() {
    var e = new ExecutionException(new IllegalArgumentException("there is no loop 'x'"));
    assertEquals("there is no loop 'x'", explained(THERE, e));
    assertTrue(THERE.explain(e).isRefusal());
    assertFalse(THERE.explain(new IOException()).isRefusal());
  }

  @Test
  void allElseIsNamed() {
    assertEquals(
        "the Thrum in " + SELF + " is no longer there",
        explained(THERE, new InstanceNotFoundException()));
    assertEquals(SELF + " does not let you in: no", explained(THERE, new SecurityException("no")));
    assertEquals(
        SELF + " could not answer: java.lang.StackOverflowError",
        explained(THERE, new StackOverflowError()));
  }

  @Test
  void nobodyIsWaitedForForever() {
    var never = new CountDownLatch(1);
    var e =
        assertThrows(
            TargetException.class,
            () ->
                THERE.within(
                    Duration.ofMillis(1),
                    () -> {
                      never.await();
                      return "";
                    }));
    never.countDown();
    assertEquals(Attachment.doesNotAnswer(new Address.Pid(SELF)), e.sentence());
  }

  private static String explained(Answers answers, Throwable failure) {
    return answers.explain(failure).sentence();
  }
}
