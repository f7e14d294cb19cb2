using System.Globalization;
using Pm.Linux;

namespace Pm.Cli;

/// <summary>
/// A clock that a preloaded library makes stand still, as tests of TUF clients do. No timer of the framework ends then, and the code that chooses
/// a processor's queue measures itself for ever. So the program starts again without the library, and takes the one time that it read along.
/// </summary>
/// <remarks>Decided in docs/adr/0015. Only for <c>pm tuf-client</c>: whoever sets its environment could preload a clock as well.</remarks>
static class StoppedClock
{
    /// <summary>The time that was read, in the process that goes on.</summary>
    public const string Variable = "PM_TUF_CLIENT_TIME";

    const string Preload = "LD_PRELOAD";
    const string Format = "O";

    /// <summary>System calls that take longer together than a clock can be coarse.</summary>
    const int Calls = 2000;

    /// <summary>The world of a run of <c>pm tuf-client</c>: with the time that was handed on, if there is one; else it may not return.</summary>
    /// <exception cref="SystemCallException">The program cannot be started again.</exception>
    public static PmContext Leave(PmContext context, IReadOnlyList<string> arguments)
    {
        if (context.Variable(Variable) is { } text)
        {
            return DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var handed)
                ? context with { Time = new GivenTime(handed) }
                : context;
        }

        if (context.Variable(Preload) is not null && StandsStill(context.Time))
        {
            var environment = context.Environment.Where(variable => variable.Key != Preload)
                .Append(new(Variable, context.Time.GetUtcNow().ToString(Format, CultureInfo.InvariantCulture)));
            ProcessImage.Replace(context.ExecutablePath, arguments, environment, context.InvokedAs);
        }

        return context;
    }

    static bool StandsStill(TimeProvider time)
    {
        var start = time.GetTimestamp();
        for (var call = 0; call < Calls; call++)
        {
            _ = SystemUser.EffectiveUserId;
        }

        return time.GetTimestamp() == start;
    }

    /// <summary>Says always the same time; what is measured and waited for goes by the system's clock.</summary>
    sealed class GivenTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
