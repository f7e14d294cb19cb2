using System.Collections.Immutable;
using System.Text;

namespace Pm.Packages.Index;

/// <summary>Goes through the names of an old index and of what is new side by side, and writes both.</summary>
sealed class IndexMerge(Stream target, RepositoryIndex? old, Func<int, int?> stillGood)
{
    readonly IndexWriter _writer = new(target, old);
    readonly ImmutableArray<string>.Builder _added = ImmutableArray.CreateBuilder<string>();
    readonly ImmutableArray<string>.Builder _removed = ImmutableArray.CreateBuilder<string>();
    readonly ImmutableArray<string>.Builder _yanked = ImmutableArray.CreateBuilder<string>();
    int _next;

    /// <summary>Adds what is new of a name; the names come sorted.</summary>
    public void Add(PackageName name, IReadOnlyList<(ReadOnlyMemory<byte> Record, int Source)> fresh)
    {
        var text = Encoding.UTF8.GetBytes(name.Text);
        while (_next < Count && old!.NameText(_next).SequenceCompareTo(text) < 0)
        {
            KeepOld();
        }

        var isKnown = _next < Count && old!.NameText(_next).SequenceEqual(text);
        Combine(name, isKnown ? _next : null, fresh);
        _next += isKnown ? 1 : 0;
    }

    public IndexChanges Finish(IndexHead head)
    {
        while (_next < Count)
        {
            KeepOld();
        }

        _writer.Finish(head);
        return new IndexChanges(_added.ToImmutable(), _removed.ToImmutable(), _yanked.ToImmutable());
    }

    int Count => old?.NameCount ?? 0;

    /// <summary>The next name of the old index, of which nothing is new.</summary>
    void KeepOld()
    {
        if (IsUnchanged(_next))
        {
            _writer.TakeOver(old!, _next, source => stillGood(source)!.Value);
        }
        else
        {
            Combine(old!.NameOf(_next), _next, []);
        }

        _next++;
    }

    bool IsUnchanged(int number)
    {
        var (version, end) = old!.VersionsOf(number);
        while (version < end && stillGood(old.SourceOf(version)) is not null)
        {
            version++;
        }

        return version == end;
    }

    void Combine(PackageName name, int? number, IReadOnlyList<(ReadOnlyMemory<byte> Record, int Source)> fresh)
    {
        var before = number is { } known ? Old(name, known) : [];
        var versions = before.Where(version => version.Source is not null)
            .Select(version => version with { IsOld = true })
            .Concat(fresh.Select(record => Read(name, record.Record, record.Source)))
            .ToList();
        versions.Sort(static (left, right) => right.Id.Version.CompareTo(left.Id.Version) is var order and not 0
            ? order : left.Source!.Value.CompareTo(right.Source!.Value));
        RemoveRepeated(versions);
        Compare(before, versions);
        if (versions.Count > 0)
        {
            var newest = versions.FindIndex(v => !v.Package.IsYanked && !v.Id.Version.IsPreRelease);
            newest = newest >= 0 ? newest : versions.FindIndex(v => !v.Package.IsYanked);
            _writer.Add(Encoding.UTF8.GetBytes(name.Text), [.. versions.Select(v => (v.Record, v.Source!.Value))],
                newest < 0 ? null : (newest, versions[newest].Package));
        }
    }

    /// <summary>A version that two sources name is the first one's.</summary>
    static void RemoveRepeated(List<Version> versions)
    {
        for (var at = versions.Count - 1; at > 0; at--)
        {
            if (versions[at].Id.Version == versions[at - 1].Id.Version)
            {
                versions.RemoveAt(at);
            }
        }
    }

    void Compare(List<Version> before, List<Version> after)
    {
        foreach (var version in after.Where(v => !v.IsOld))
        {
            var was = before.Find(old => old.Id.Version == version.Id.Version);
            if (was is null)
            {
                _added.Add(version.Id.ToString());
            }
            else if (version.Package.IsYanked && !was.Package.IsYanked)
            {
                _yanked.Add(version.Id.ToString());
            }
        }

        _removed.AddRange(before.Where(old => old.Source is null && !after.Exists(v => v.Id.Version == old.Id.Version)).Select(old => old.Id.ToString()));
    }

    List<Version> Old(PackageName name, int number)
    {
        var (first, end) = old!.VersionsOf(number);
        return [.. Enumerable.Range(first, end - first).Select(version =>
        {
            var read = old.Read(number, name, version);
            return new Version(old.RecordMemory(version), stillGood(read.Source), read.Package);
        })];
    }

    static Version Read(PackageName name, ReadOnlyMemory<byte> record, int source) => new(
        record, source, PackageRecord.Read(name, Encoding.UTF8.GetBytes(name.Text), record.Span, "index").Package);

    /// <param name="Record">As it stands in the file.</param>
    /// <param name="Source">In the new index; null: it is not taken over.</param>
    /// <param name="Package">What it says.</param>
    sealed record Version(ReadOnlyMemory<byte> Record, int? Source, AvailablePackage Package)
    {
        public PackageId Id => Package.Id;

        public bool IsOld { get; init; }
    }
}
