using Pm.Daemon.Output;
using Pm.Linux;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Settings;

/// <summary>
/// What the process may have open, divided between connections and files. Without it a stranger with enough idle connections
/// takes the descriptors that answering the others needs.
/// </summary>
/// <param name="Connections">At one time.</param>
/// <param name="Files">Of all repositories together.</param>
sealed record DescriptorShares(int Connections, int Files)
{
    /// <summary>For logs, databases, uploads and what the runtime opens now and then.</summary>
    const int Spare = 64 + BoundedTransport.Overshoot;

    /// <summary>A database, its log and its lock, uploads.</summary>
    const int OfRepository = 8;

    const int FewestConnections = 16;
    const int FewestFiles = 8;

    /// <summary>Of a limit.</summary>
    /// <param name="limit">As <c>ulimit -n</c> has it.</param>
    /// <param name="used">Before anybody connects.</param>
    /// <param name="repositories">How many are served.</param>
    /// <param name="wanted">Connections.</param>
    public static DescriptorShares Of(long limit, int used, int repositories, int wanted)
    {
        var free = Math.Max(0, limit - used - Spare - ((long)repositories * OfRepository));
        var files = (int)Math.Clamp(free / 2, FewestFiles, int.MaxValue);
        return new DescriptorShares((int)Math.Min(wanted, Math.Max(FewestConnections, free - files)), files);
    }

    /// <summary>Limits files and connections to what there is, and says so where that is far less than was asked for.</summary>
    public static DaemonSettings Fit(DaemonSettings settings, RepositorySet repositories, Notices notices)
    {
        var limit = SystemLimits.OpenFiles;
        var shares = Of(limit, SystemLimits.UsedDescriptors, repositories.All.Length, settings.MaximumConnections);
        repositories.OpenFiles.Maximum = shares.Files;
        if (shares.Connections < settings.MaximumConnections / 2)
        {
            notices.Say(
                $"{limit} descriptors are enough for {shares.Connections} connections at one time, not for {settings.MaximumConnections}: raise `ulimit -n`");
        }

        return settings with { MaximumConnections = shares.Connections };
    }
}
