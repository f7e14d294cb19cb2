namespace Pm.Ebpf.Loading;

/// <summary>
/// Decides when to let events gather before they are taken: where they come one after the other, being woken for each costs more than the event.
/// The first after a silence is taken at once, and so are those that fill their buffer quickly.
/// </summary>
sealed class EventPace
{
    /// <summary>How long events gather.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMicroseconds(200);

    /// <summary>Bytes of the smallest buffer in which events may gather.</summary>
    const long LeastRoom = 64 << 10;

    /// <summary>Which part of a buffer events may have filled when they are taken: so many times faster may the next come, and none is lost.</summary>
    const long Part = 16;

    /// <summary>The next events are to gather.</summary>
    public bool IsDense { get; private set; }

    /// <summary>Whether a buffer with so many bytes, of which so many were in use, has place for what may come during a pause.</summary>
    public static bool HasPlace(long used, long room) => room >= LeastRoom && used <= room / Part;

    /// <summary>Tells what was taken.</summary>
    /// <param name="events">How many, of all buffers.</param>
    /// <param name="since">How long ago events were taken before.</param>
    /// <param name="havePlace">All buffers have.</param>
    public void Tell(long events, TimeSpan since, bool havePlace) => IsDense = events > 0 && since / events <= Pause && havePlace;
}
