using System.CommandLine;
using Pm.Storage;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary>Keys of a ring by what a person calls them.</summary>
static class KeyNames
{
    public static Argument<string[]> Argument(string description, ArgumentArity arity) =>
        new("KEY") { Description = description, Arity = arity };

    /// <summary>The keys that the words name, each once.</summary>
    /// <exception cref="StoreException">PM4033: a word names none, or several.</exception>
    public static IReadOnlyList<KeyRecord> Require(Keyring ring, IEnumerable<string> words) =>
        [.. words.Select(ring.Require).DistinctBy(r => r.Fingerprint)];

    /// <summary>Fingerprints for a shell, with their user ids.</summary>
    public static IEnumerable<string> Complete(PmContext context, string prefix) =>
        [.. Keyring.OpenAt(context.Settings.Root).Records
            .Where(r => r.Fingerprint.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(r => $"{r.Fingerprint}\t{r.UserId}")];
}
