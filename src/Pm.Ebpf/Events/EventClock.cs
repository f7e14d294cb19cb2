namespace Pm.Ebpf.Events;

/// <summary>Says when, by the clock on the wall, it was so many nanoseconds since the machine was started.</summary>
/// <param name="time">Its time stamps are of the clock that the kernel's are of (CLOCK_MONOTONIC).</param>
sealed class EventClock(TimeProvider time)
{
    const long NanosecondsPerTick = 100;

    /// <summary><c>HH:MM:SS.mmm</c>. The clocks are asked each time: they part while the machine sleeps, and when somebody sets the wall's.</summary>
    public void Write(long nanoseconds, EventBuffer into)
    {
        var ago = time.GetElapsedTime(0, time.GetTimestamp()).Ticks - nanoseconds / NanosecondsPerTick;
        var ticks = (time.GetLocalNow().TimeOfDay.Ticks - ago) % TimeSpan.TicksPerDay;
        ticks += ticks < 0 ? TimeSpan.TicksPerDay : 0;
        into.Append((int)(ticks / TimeSpan.TicksPerHour), "D2");
        into.Append((byte)':');
        into.Append((int)(ticks / TimeSpan.TicksPerMinute % 60), "D2");
        into.Append((byte)':');
        into.Append((int)(ticks / TimeSpan.TicksPerSecond % 60), "D2");
        into.Append((byte)'.');
        into.Append((int)(ticks / TimeSpan.TicksPerMillisecond % 1000), "D3");
    }
}
