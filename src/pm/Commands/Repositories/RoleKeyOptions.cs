using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Pm.Cli.Output;
using Pm.Linux;
using Pm.Repositories;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>--add ROLE=FILE --remove ROLE=KEYID --threshold ROLE=N --key FILE</c>: who signs for a repository's roles.</summary>
sealed class RoleKeyOptions
{
    const string New = "new";
    const int ShortestKeyId = 8;

    readonly Option<string[]> _add = new("--add")
    {
        Description = "a key that is to sign for ROLE: FILE has its public half, or the secret one; `new` makes one here",
        HelpName = "ROLE=FILE",
    };

    readonly Option<string[]> _remove = new("--remove") { Description = "a key that is no longer to sign for ROLE; the begin of its id is enough", HelpName = "ROLE=KEYID" };
    readonly Option<string[]> _threshold = new("--threshold") { Description = "how many keys of ROLE must sign", HelpName = "ROLE=N" };
    readonly Option<string[]> _key = KeyOption("a file of secret keys that lie elsewhere: they sign this change and are not kept");

    /// <summary>For a repository that is being made, in which there is nothing to remove.</summary>
    public IEnumerable<Option> ForNew => [_add, _threshold, _key];

    public IEnumerable<Option> All => [_add, _remove, _threshold, _key];

    /// <summary>Secret keys for once.</summary>
    public static Option<string[]> KeyOption(string description) => new("--key") { Description = description, HelpName = "FILE" };

    /// <summary>What is to change.</summary>
    /// <exception cref="CommandException">PM1142, PM1143: it is not written so.</exception>
    public KeyChange Change(PmContext context, ParseResult parsed, IEnumerable<string>? rotated = null) => new()
    {
        Added = [.. Pairs(parsed.Given(_add), "--add ROLE=FILE").SelectMany(pair => Read(context, pair.Role, pair.Value))],
        Removed = [.. Pairs(parsed.Given(_remove), "--remove ROLE=KEYID").Select(pair => (pair.Role, KeyId(pair.Value)))],
        Thresholds = [.. Pairs(parsed.Given(_threshold), "--threshold ROLE=N").Select(pair => (pair.Role, Count(pair.Value)))],
        Rotated = [.. (rotated ?? []).Select(Role)],
    };

    /// <summary>Who changes the repository, with the keys that he brought.</summary>
    public RepositoryAccess Access(PmContext context, ParseResult parsed) => Access(context, parsed.Given(_key));

    /// <summary>Who changes the repository, with the keys that he brought.</summary>
    public static RepositoryAccess Access(PmContext context, string[]? files) =>
        RepositoryPlace.Access(context) with { Keys = Secrets(context, files) };

    /// <summary>Says which of the keys that were brought had nothing to sign: most likely it is not the one that was meant.</summary>
    public static void NoteUnused(PmContext context, ChangeOutcome outcome, RepositoryAccess access)
    {
        foreach (var key in access.Keys.Where(key => !IsUsed(outcome.Change, key.Public.Id)))
        {
            context.Terminal.Note($"key {key.Public.Id} has no say in this change, and signed nothing");
        }
    }

    /// <summary>What is not in the change itself is signed with it when it is published.</summary>
    static bool IsUsed(RepositoryChange change, string id) =>
        (change.Root?.KeyIds ?? []).Concat(change.Targets?.KeyIds ?? []).Contains(id)
        || new[] { change.CurrentRoot?.Content, change.NextRoot }.OfType<RootMetadata>()
            .Any(root => root.Roles.Any(role => role.Key != "root" && role.Value.KeyIds.Contains(id) && (role.Key != "targets" || change.Targets is null)));

    /// <summary>The secret keys in files.</summary>
    /// <exception cref="CommandException">PM1143: there is none in one of them.</exception>
    public static ImmutableArray<SecretKey> Secrets(PmContext context, string[]? files) => [.. (files ?? []).SelectMany(file =>
        Parse(context, file).Select(key => key.Secret).OfType<SecretKey>().ToList() is { Count: > 0 } secret
            ? secret
            : throw CommandException.Usage("PM1143", $"{Hostile.OneLine(file)}: it holds the public half of a key, and the secret one signs"))];

    static IEnumerable<(string, RoleKey?)> Read(PmContext context, string role, string value) => value == New
        ? [(role, null)]
        : Parse(context, value).Select(key => (role, (RoleKey?)new RoleKey(key.Key, key.Secret)));

    static ImmutableArray<(TufKey Key, SecretKey? Secret)> Parse(PmContext context, string file)
    {
        const int longest = 1024 * 1024;
        var path = NamedFile.Of(context.FullPath(file), Hostile.OneLine(file));
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        var bytes = directory.TryReadFile(Path.GetFileName(path), longest)
            ?? throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {Hostile.OneLine(file)}");
        return KeyFile.ParseAny(bytes, Hostile.OneLine(file));
    }

    static IEnumerable<(string Role, string Value)> Pairs(string[]? words, string form)
    {
        foreach (var word in words ?? [])
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            yield return at > 0 && at < word.Length - 1
                ? (Role(word[..at]), word[(at + 1)..])
                : throw CommandException.Usage("PM1143", $"`{Hostile.OneLine(word)}`: expected {form}");
        }
    }

    static string Role(string word) => RoleKey.Roles.Contains(word) ? word
        : throw CommandException.Usage("PM1142", $"`{Hostile.OneLine(word)}` is no role", "the roles are root, targets, snapshot, timestamp and bins");

    static string KeyId(string text) => text.Length >= ShortestKeyId && text.All(char.IsAsciiHexDigit) ? text
        : throw CommandException.Usage("PM1143", $"`{Hostile.OneLine(text)}`: expected at least {ShortestKeyId} digits of a key's id", "pm repo key shows them");

    static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw CommandException.Usage("PM1143", $"`{Hostile.OneLine(text)}`: expected how many keys must sign");
}
