package dev.thrum.bench

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select

/** The channel programs of kotlinx.coroutines; between two loops on the two default threads. */
abstract class KotlinChannels : Peer {
    override fun roundTrips(times: Int, capacity: Int) = runBlocking {
        tripsOver(Channel(capacity), Channel(capacity), times)
    }

    override fun acrossRoundTrips(times: Int, capacity: Int) = runBlocking(Dispatchers.Default) {
        tripsOver(Channel(capacity), Channel(capacity), times)
    }

    private suspend fun tripsOver(there: Channel<Int>, back: Channel<Int>, times: Int) =
        coroutineScope {
            launch { repeat(times) { back.send(there.receive()) } }
            var sum = 0L
            for (i in 0 until times) {
                there.send(Check.item(i))
                sum += back.receive()
            }
            Check.same(Check.sumOfItems(times), sum)
        }

    override fun stream(items: Int, capacity: Int, pairs: Int) = runBlocking {
        val channel = Channel<Int>(capacity)
        val share = items / pairs
        val sums = LongArray(pairs)
        coroutineScope {
            for (me in 0 until pairs) {
                launch { channel.sendAll(share) }
                launch { sums[me] = channel.sumOf(share) }
            }
        }
        Check.same(pairs * Check.sumOfItems(share), sums.sum())
    }

    override fun acrossStream(items: Int, capacity: Int) = runBlocking(Dispatchers.Default) {
        val channel = Channel<Int>(capacity)
        launch { channel.sendAll(items) }
        Check.same(Check.sumOfItems(items), channel.sumOf(items))
    }

    private suspend fun SendChannel<Int>.sendAll(items: Int) {
        for (i in 0 until items) send(Check.item(i))
    }

    private suspend fun ReceiveChannel<Int>.sumOf(items: Int): Long {
        var sum = 0L
        repeat(items) { sum += receive() }
        return sum
    }

    override fun chain(tasks: Int, batches: Int, values: Int) = runBlocking {
        val first = Channel<Int>()
        var last = first
        repeat(tasks) {
            val left = last
            val right = Channel<Int>()
            launch { repeat(batches * values) { right.send(left.receive() + 1) } }
            last = right
        }
        repeat(batches) {
            first.sendAll(values)
            Check.same(Check.sumOfItems(values) + tasks.toLong() * values, last.sumOf(values))
        }
    }

    override fun selecting(items: Int, channels: Int, capacity: Int) = runBlocking {
        val all = List(channels) { Channel<Int>(capacity) }
        val share = items / channels
        for (channel in all) {
            launch { channel.sendAll(share) }
        }
        var sum = 0L
        repeat(share * channels) {
            sum += select<Int> { for (channel in all) channel.onReceive { it } }
        }
        Check.same(channels * Check.sumOfItems(share), sum)
    }
}
