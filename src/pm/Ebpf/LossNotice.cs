using Pm.Cli.Commands.Running;

namespace Pm.Cli.Ebpf;

/// <summary>Says how many events nobody saw: while they come whenever it is more, though not each time, and at the end once for all.</summary>
/// <param name="context">Whose time and terminal.</param>
/// <param name="lost">How many up to now.</param>
/// <param name="report">Who is told besides the person; null: nobody.</param>
/// <param name="since">From when on, where it is not since this began; with a space before it.</param>
sealed class LossNotice(PmContext context, Func<ulong> lost, RunReport? report = null, string since = "")
{
    /// <summary>Who loses events loses many: a line for each would only cost more of them.</summary>
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    long _asked = context.Time.GetTimestamp();
    ulong _told;

    /// <summary>Says it if there are more than it said last, and some time has passed.</summary>
    public void TellGrown()
    {
        if (context.Time.GetElapsedTime(_asked) < Period)
        {
            return;
        }

        _asked = context.Time.GetTimestamp();
        if (lost() is var count && count > _told)
        {
            _told = count;
            context.Terminal.Say($"warning: {Events(count)} lost so far{since}: they come faster than they are read");
            report?.Lost(count);
        }
    }

    /// <summary>Says how many it were in all.</summary>
    public void TellAll()
    {
        var count = lost();
        if (count > 0)
        {
            context.Terminal.Say($"warning: {Events(count)} lost{since}: they came faster than they were read");
        }

        report?.Lost(count);
    }

    static string Events(ulong count) => $"{count} event{(count == 1 ? " was" : "s were")}";
}
