package dev.thrum.bench

import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** kotlinx.coroutines on the single-threaded event loop of `runBlocking`. */
class KotlinCoroutines : KotlinChannels() {
    override fun switching(tasks: Int, times: Int) = runBlocking {
        repeat(tasks) { launch { repeat(times) { yield() } } }
    }

    override fun pingPong(times: Int) = runBlocking {
        val waiting = arrayOfNulls<Continuation<Unit>>(2)
        suspend fun play(me: Int) {
            for (i in me until times step 2) {
                waiting[1 - me]?.let {
                    waiting[1 - me] = null
                    it.resume(Unit)
                }
                if (i + 1 < times) suspendCoroutine { waiting[me] = it }
            }
            waiting[1 - me]?.resume(Unit)
        }
        launch { play(0) }
        launch { play(1) }
        Unit
    }

    override fun spawnAwait(times: Int) = runBlocking {
        var sum = 0L
        for (i in 0 until times) {
            sum += async { i }.await()
        }
        Check.same(Check.sumBelow(times.toLong()), sum)
    }

    override fun gather(times: Int, children: Int) = runBlocking {
        repeat(times) {
            val results = coroutineScope {
                List(children) { async { yield(); it } }.awaitAll()
            }
            Check.same(Check.sumBelow(children.toLong()), results.sumOf { it.toLong() })
        }
    }

    override fun sleep(sleepers: Sleepers) = runBlocking {
        coroutineScope {
            repeat(sleepers.tasks()) {
                launch {
                    sleepers.arrive()
                    delay(sleepers.left().toMillis())
                }
            }
            while (!sleepers.allArrived()) yield()
            sleepers.measureAsleep()
        }
        sleepers.measureDone()
    }

    override fun timerChurn(times: Int) = runBlocking {
        repeat(times) { withTimeout(10_000) { yield() } }
    }

    override fun crossRoundTrip(times: Int) = fromAnotherThread { loop ->
        var sum = 0L
        for (i in 0 until times) {
            sum += loop.future { i }.get()
        }
        Check.same(Check.sumBelow(times.toLong()), sum)
    }

    override fun crossPipelined(times: Int) = fromAnotherThread { loop ->
        val futures = List(times) { loop.future { it } }
        Check.same(Check.sumBelow(times.toLong()), futures.sumOf { it.get().toLong() })
    }

    /** Runs [client] on a platform thread beside an event loop that stays up until it is done. */
    private fun fromAnotherThread(client: (CoroutineScope) -> Unit) = runBlocking {
        val loop = this
        val done = CompletableFuture<Unit>()
        val stop = Job()
        thread {
            runCatching { client(loop) }.fold(done::complete, done::completeExceptionally)
            stop.complete()
        }
        stop.join()
        done.get()
    }

    override fun version(): String =
        "kotlinx.coroutines ${coroutinesVersion()}, Kotlin ${KotlinVersion.CURRENT}"

    private fun coroutinesVersion(): String =
        Job::class.java.getResource("/META-INF/kotlinx_coroutines_core.version")?.readText()
            ?: "of unknown version"
}
