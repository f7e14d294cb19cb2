using System.Globalization;
using Pm.Linux;
using Pm.Trust;

namespace Pm.Storage.Keys;

/// <summary>
/// Runs GnuPG: gpgv to check signatures, gpg to read keys, and gpg with the user's own home to make keys and sign.
/// Every run has an exact environment, speaks English to pm and never waits for somebody who is not there.
/// </summary>
public sealed partial class OpenPgpProgram(OpenPgpEnvironment environment)
{
    /// <summary>What a run that asks nobody takes at most; a slow machine needs a second.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    ChildOptions Options(string program, IReadOnlyList<string> arguments) => new()
    {
        FileName = ProgramPath.Find(program, Variable("PATH")) ?? throw new StoreException(
            "PM4030", $"{program} is not installed: it is not in any directory of PATH", $"apt-get install {program}"),
        ArgumentZero = program,
        Arguments = arguments,
        Environment = environment.Terminal is { } terminal
            ? new Dictionary<string, string>(environment.Variables) { ["GPG_TTY"] = terminal }
            : environment.Variables,
    };

    string? Variable(string name) => environment.Variables.GetValueOrDefault(name);

    PrivateDirectory MakeDirectory() => new(environment.Scratch);

    /// <summary>Runs gpg in a home of its own, without agent, on public keys only.</summary>
    ChildResult RunApart(PrivateDirectory home, IEnumerable<string> arguments, CancellationToken cancellation) =>
        ChildProcess.Run(
            Options("gpg",
            [
                "--homedir", home.Path, "--quiet", "--no-options", "--no-autostart", .. Common, .. arguments,
            ]) with
            { Timeout = Longest },
            cancellation);

    /// <summary>gpg reads arguments in the locale's encoding unless told otherwise.</summary>
    static string[] Common => ["--batch", "--no-tty", "--utf8-strings", "--display-charset", "utf-8", "--no-auto-check-trustdb"];

    static StoreException Failed(string what, ChildResult result, string? hint = null) =>
        new("PM4034", string.Create(CultureInfo.InvariantCulture, $"{what}: {Reason(result)}"), hint);

    /// <summary>gpg's own last words, which name the cause; without its prefix.</summary>
    static string Reason(ChildResult result)
    {
        const string Prefix = "gpg: ";
        const string Chatter = "gpg: no gpg-agent running in this session";
        var line = result.ErrorText.Split('\n')
            .Select(l => l.Trim().TrimEnd('.'))
            .LastOrDefault(l => l.Length > 0 && l != Chatter && !l.StartsWith("[GNUPG:]", StringComparison.Ordinal));
        return result.HasTimedOut || line is null
            ? $"gpg: {result}"
            : ShownText.Of(line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : line);
    }
}
