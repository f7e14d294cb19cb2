using System.Collections.Immutable;
using System.Globalization;
using Pm.Linux;
using Pm.Storage.Journals;

namespace Pm.Storage;

/// <summary>
/// A directory tree made from packages. Reading it takes no lock, waits for nobody and repairs nothing: what is read is
/// the last committed generation. Changes go through <see cref="RootWriter"/>. See docs/formats/root.md.
/// </summary>
public sealed class Root : IDisposable
{
    /// <summary>Where the state of a root is, relative to it. No package may own anything below.</summary>
    public const string StateDirectory = "var/lib/pm";

    /// <summary>Where anything is that can be fetched or built again, relative to the root.</summary>
    public const string CacheDirectory = "var/cache/pm";

    /// <summary>In an application root, the symbolic link to the tree of the current generation.</summary>
    public const string CurrentLink = "current";

    internal const string SettingsFile = "root.json";
    internal const string GenerationsDirectory = "generations";
    internal const string TreesDirectory = "trees";
    internal const string SavedDirectory = "saved";
    internal const string JournalFile = "journal";

    /// <summary>The journal of a change from which everything goes has no steps and no packages: it is short.</summary>
    const int MaximumDetached = 4096;
    internal const string ExportFile = "installed.json";
    internal const string LockFile = "lock";
    internal const int DirectoryMode = 0b111_101_101;

    readonly DirectoryHandle _top;
    readonly DirectoryHandle _state;

    Root(string path, DirectoryHandle top, DirectoryHandle state, RootSettings settings)
    {
        Path = path;
        _top = top;
        _state = state;
        Settings = settings;
    }

    /// <summary>The absolute path it was opened with.</summary>
    public string Path { get; }

    public RootSettings Settings { get; private set; }

    public RootKind Kind => Settings.Kind;

    /// <summary>The absolute path of its state: remotes, keyring, generations.</summary>
    public string StatePath => System.IO.Path.Join(Path, StateDirectory);

    /// <summary>Where the files of the packages are now: the root itself, or the tree behind <see cref="CurrentLink"/>.</summary>
    public string ContentPath => Kind is RootKind.Prefix ? Path : System.IO.Path.Join(Path, CurrentLink);

    /// <summary>Whether an earlier change was interrupted, or is under way; the next writer mends it first.</summary>
    public bool NeedsRecovery => HasJournal && !IsDetached;

    /// <summary>
    /// Whether everything went from this application root, and the next writer has still to look for what is not pm's in the tree
    /// before.
    /// </summary>
    public bool IsDetached => _state.Status(JournalFile) is { IsRegular: true, Size: < MaximumDetached }
        && _state.TryReadFile(JournalFile, MaximumDetached) is { } bytes
        && JournalDocument.TryParse(bytes) is { IsDetached: true } journal
        && journal.To == CurrentNumber();

    /// <summary>Whether the next writer has something to do before what it is for.</summary>
    internal bool HasJournal => _state.Status(JournalFile) is not null;

    internal DirectoryHandle Top => _top;

    internal DirectoryHandle State => _state;

    internal string LockPath => System.IO.Path.Join(StatePath, LockFile);

    /// <summary>The last committed generation; null when nothing was ever installed.</summary>
    /// <exception cref="StoreException">PM4002: its document is damaged.</exception>
    public Generation? Current => CurrentNumber() is var number and > 0 ? Find(number) : null;

    /// <summary>Opens the root at <paramref name="path"/>; null when pm never wrote there.</summary>
    /// <exception cref="StoreException">PM4002: its settings are damaged.</exception>
    /// <exception cref="SystemCallException">It cannot be opened.</exception>
    public static Root? TryOpen(string path)
    {
        var top = DirectoryHandle.TryOpen(path);
        var state = top?.TryOpenBeneath(StateDirectory);
        var bytes = state?.TryReadFile(SettingsFile, RootSettings.MaximumSize);
        if (bytes is null)
        {
            state?.Dispose();
            top?.Dispose();
            return null;
        }
        return new Root(path, top!, state!, RootSettings.Parse(bytes, System.IO.Path.Join(state!.Path, SettingsFile)));
    }

    /// <summary>Opens the root at <paramref name="path"/>, made first when it is missing.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="settings">For a new root; an existing one keeps its own.</param>
    /// <exception cref="SystemCallException">It cannot be made or opened.</exception>
    public static Root OpenOrCreate(string path, RootSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (TryOpen(path) is { } found)
        {
            return found;
        }
        var top = DirectoryHandle.OpenOrMake(path, DirectoryMode);
        var state = MakeState(path, top);
        DurableFile.Replace(state, SettingsFile, settings.ToBytes());
        return new Root(path, top, state, settings);
    }

    /// <summary>
    /// Each parent is synced: a journal in a directory that a power cut takes away would not help. Nothing is a link here, or
    /// looking for the state would have said so.
    /// </summary>
    static DirectoryHandle MakeState(string path, DirectoryHandle top)
    {
        DirectoryHandle.OpenOrMake(System.IO.Path.Join(path, StateDirectory, GenerationsDirectory), DirectoryMode).Dispose();
        return top.OpenBeneath(StateDirectory);
    }

    /// <summary>The numbers of all kept generations, ascending.</summary>
    public ImmutableArray<int> GenerationNumbers()
    {
        using var directory = _state.TryOpenBeneath(GenerationsDirectory);
        return directory is null ? [] : [.. directory.Entries().Select(e => NumberOf(e.Name)).OfType<int>().Order()];
    }

    /// <summary>All kept generations, oldest first.</summary>
    /// <exception cref="StoreException">PM4002: a document is damaged.</exception>
    public IEnumerable<Generation> Generations() => GenerationNumbers().Select(n => Find(n)).OfType<Generation>();

    /// <summary>A kept generation; null when there is none of that number.</summary>
    /// <exception cref="StoreException">PM4002: its document is damaged.</exception>
    public Generation? Find(int number)
    {
        var name = FileOf(number);
        using var directory = _state.TryOpenBeneath(GenerationsDirectory);
        return directory?.TryReadFile(name, GenerationDocument.MaximumSize) is { } bytes
            ? GenerationDocument.Parse(bytes, System.IO.Path.Join(directory.Path, name))
            : null;
    }

    /// <summary>A kept generation.</summary>
    /// <exception cref="StoreException">PM4008: there is none of that number.</exception>
    public Generation Require(int number) =>
        Find(number) ?? throw new StoreException("PM4008", $"{Path}: no generation {number}", "pm generations");

    /// <summary>Keeps a generation from garbage collection, or lets it go again.</summary>
    /// <exception cref="StoreException">PM4008: there is no such generation.</exception>
    public void Pin(int number, bool isPinned)
    {
        Require(number);
        var others = Settings.PinnedGenerations.Remove(number);
        Change(Settings with { PinnedGenerations = isPinned ? others.Add(number) : others });
    }

    public void Dispose()
    {
        _state.Dispose();
        _top.Dispose();
    }

    internal static string FileOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}.json");

    internal static string TreeOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{TreesDirectory}/{number}");

    /// <summary>
    /// A prefix root is at its highest generation. An application root is at the one its link leads to, so that pm and
    /// everybody else change sides at the same instant.
    /// </summary>
    internal int CurrentNumber() =>
        Kind is RootKind.Prefix ? GenerationNumbers().LastOrDefault() : LinkedNumber();

    internal void Change(RootSettings settings)
    {
        DurableFile.Replace(_state, SettingsFile, settings.ToBytes());
        Settings = settings;
    }

    static int? NumberOf(string file) =>
        file.EndsWith(".json", StringComparison.Ordinal)
        && int.TryParse(file.AsSpan(0, file.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;

    int LinkedNumber()
    {
        var target = _top.ReadLink(CurrentLink);
        if (target is null)
        {
            return 0;
        }
        var name = target.StartsWith(StateDirectory + "/" + TreesDirectory + "/", StringComparison.Ordinal)
            ? target[(target.LastIndexOf('/') + 1)..]
            : "";
        return NumberOf(name + ".json") ?? throw new StoreException(
            "PM4006", $"{System.IO.Path.Join(Path, CurrentLink)}: expected a link to {StateDirectory}/{TreesDirectory}/N, got {target}");
    }
}
