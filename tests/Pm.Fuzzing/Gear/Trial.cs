using System.Diagnostics;
using System.Text.RegularExpressions;
using Pm.Blobs;
using Pm.Cli;
using Pm.Codecs;
using Pm.Packages;
using Pm.Remotes;
using Pm.Repositories;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Fuzzing.Gear;

/// <summary>Gives one input to a target and holds it to its limits.</summary>
static partial class Trial
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    const int LongestAnswer = 60;

    public static Outcome Run(FuzzTarget target, byte[] input)
    {
        var outcome = Once(target, input);

        // On a busy machine one reading may wait for its turn: only the fastest of several says that the reader is slow.
        for (var repeats = 0; repeats < 3 && outcome.Finding is null && outcome.Time > TimeLimit; repeats++)
        {
            var again = Once(target, input);
            outcome = again.Time < outcome.Time ? again : outcome;
        }

        return outcome.Finding is null && outcome.Time > TimeLimit
            ? outcome with { Finding = $"slow: {outcome.Time.TotalSeconds:f1} s for {input.Length} bytes" }
            : outcome;
    }

    static Outcome Once(FuzzTarget target, byte[] input)
    {
        // What is read is a copy: nobody may change the bytes that are written to a file when something goes wrong.
        var copy = input.ToArray();
        string answer;
        string? finding;
        using var watch = HangWatch.Over(target, input);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        try
        {
            target.Read(copy);
            (answer, finding) = ("accepted", null);
        }
#pragma warning disable CA1031 // Any exception at all is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = Answer(e);
            finding = target.Allowed.Contains(e.GetType()) ? Fault(e) : e.ToString();
        }

        var time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Outcome(answer, finding ?? TooMuch(target, allocated, input.Length), time, allocated);
    }

    static string? TooMuch(FuzzTarget target, long allocated, int length) => allocated > target.MemoryLimit
        ? $"memory: {allocated} bytes allocated for an input of {length}, at most {target.MemoryLimit}"
        : null;

    /// <summary>What is wrong with an exception that may be thrown: every one has a code and steers no terminal.</summary>
    static string? Fault(Exception e)
    {
        if (Code(e) is { } code && !CodePattern().IsMatch(code))
        {
            return $"`{code}` is no error code: {e}";
        }

        // Pm.Storage and those above it leave escaping to the terminal: their messages name paths that people must find.
        return e is PackageFormatException or TrustException or CodecException or BlobMismatchException
            && e.Message.Any(c => char.IsControl(c) && c != '\n')
            ? $"a control character in a message: {e.Message.Select(c => (int)c).First(c => char.IsControl((char)c) && c != '\n'):x2}: {e}"
            : null;
    }

    /// <summary>Null for exceptions of .NET that a target allows.</summary>
    static string? Code(Exception e) => e switch
    {
        PackageFormatException p => p.Code,
        TrustException t => t.Code,
        StoreException s => s.Code,
        CodecException c => c.Code,
        BlobMismatchException b => b.Code,
        RemoteException r => r.Code,
        RepositoryException r => r.Code,
        CommandException c => c.Code,
        _ => null,
    };

    static string Answer(Exception e)
    {
        var message = Particular().Replace(e.Message, "");
        return $"{e.GetType().Name} {Code(e)} {message[..Math.Min(message.Length, LongestAnswer)]}";
    }

    [GeneratedRegex("^PM[0-9]{4}$")]
    private static partial Regex CodePattern();

    // What is quoted, and what is not plain words, is the input's own: from the first mark to the last, as it may hold some.
    [GeneratedRegex("[`'\"].*[`'\"]|[0-9a-f]{8,}|[^a-z ]+", RegexOptions.Singleline)]
    private static partial Regex Particular();
}
