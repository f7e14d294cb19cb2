using System.Diagnostics;
using System.Globalization;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Bench;

/// <summary>What pm's reader costs by itself: <c>take-events OBJECT SECONDS</c> counts the events of an object and writes none.</summary>
static class EventTaking
{
    internal const string Word = "take-events";

    internal static int Run(string file, string seconds)
    {
        var bytes = File.ReadAllBytes(file);
        var spec = BpfSpec.Parse(bytes, file);
        using var running = ObjectStart.Run(bytes, spec, new RunOptions { Name = "event" }, new KernelProbe());
        var counter = new Counter();
        running.Read(spec.Events.Single().Map, counter);
        Console.Error.WriteLine("1 program attached");
        var (begin, time) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            running.Poll(TimeSpan.FromMilliseconds(100));
        }

        Console.Out.WriteLine(counter.Taken.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    sealed class Counter : IEventSink
    {
        public long Taken { get; private set; }

        public void Take(ReadOnlySpan<byte> record) => Taken++;

        public void Lose(ulong count)
        {
        }
    }
}
