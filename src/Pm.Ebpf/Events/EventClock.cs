namespace Pm.Ebpf.Events;

/// <summary>Says when, by the clock on the wall, it was so many nanoseconds since the machine was started. The wall's clock is asked once: what sets it later changes nothing.</summary>
sealed class EventClock
{
    const ulong NanosecondsPerTick = 100;

    /// <summary>The wall's time when the machine was started, in ticks of a day.</summary>
    readonly ulong _origin;

    /// <param name="time">Its time stamps are of the clock that the kernel's are of (CLOCK_MONOTONIC).</param>
    public EventClock(TimeProvider time)
    {
        var sinceStart = time.GetElapsedTime(0, time.GetTimestamp());
        _origin = (ulong)((time.GetLocalNow().TimeOfDay - sinceStart).Ticks % TimeSpan.TicksPerDay + TimeSpan.TicksPerDay);
    }

    /// <summary><c>HH:MM:SS.mmm</c>; what is no time, as nothing set it, stays nothing.</summary>
    public void Write(ulong nanoseconds, EventBuffer into)
    {
        if (nanoseconds == 0)
        {
            into.Append((byte)'0');
            return;
        }

        var ticks = (_origin + nanoseconds / NanosecondsPerTick) % TimeSpan.TicksPerDay;
        into.Append((int)(ticks / TimeSpan.TicksPerHour), "D2");
        into.Append((byte)':');
        into.Append((int)(ticks / TimeSpan.TicksPerMinute % 60), "D2");
        into.Append((byte)':');
        into.Append((int)(ticks / TimeSpan.TicksPerSecond % 60), "D2");
        into.Append((byte)'.');
        into.Append((int)(ticks / TimeSpan.TicksPerMillisecond % 1000), "D3");
    }
}
