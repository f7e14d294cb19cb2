using System.Text;

namespace Pm.Packages.Index;

/// <summary>
/// Makes an index: takes packages in any order, and may take over what an older index has from metadata that did not
/// change. Of a package only its record is held meanwhile. The same packages give the same bytes.
/// </summary>
public sealed class IndexBuilder
{
    readonly ChunkedBytes _records = new();
    readonly IndexBuffer _scratch = new();
    readonly List<(PackageName Name, ReadOnlyMemory<byte> Record, int Source)> _packages = [];

    public void Add(IndexedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var name = package.Package.Name;
        _scratch.Clear();
        PackageRecord.Write(_scratch, Encoding.UTF8.GetBytes(name.Text), package);
        _packages.Add((name, _records.Add(_scratch.Written), package.Source));
    }

    /// <summary>Writes the index.</summary>
    /// <param name="target">Buffered by the caller.</param>
    /// <param name="head">What it is made from: the sources of the packages.</param>
    /// <param name="old">The one before; null: there is none.</param>
    /// <param name="stillGood">For a source of <paramref name="old"/> its number in <paramref name="head"/> where what it says still stands, else null.</param>
    /// <returns>What is new in it.</returns>
    /// <exception cref="PackageFormatException">PM2018: the old one is damaged.</exception>
    public IndexChanges Write(Stream target, IndexHead head, RepositoryIndex? old = null, Func<int, int?>? stillGood = null)
    {
        ArgumentNullException.ThrowIfNull(head);
        old?.RequireWhole();
        _packages.Sort(static (left, right) => left.Name.CompareTo(right.Name));
        var merge = new IndexMerge(target, old, source => stillGood?.Invoke(source));
        for (var start = 0; start < _packages.Count;)
        {
            var end = start + 1;
            while (end < _packages.Count && _packages[end].Name == _packages[start].Name)
            {
                end++;
            }

            merge.Add(_packages[start].Name, [.. _packages[start..end].Select(package => (package.Record, package.Source))]);
            start = end;
        }

        return merge.Finish(head);
    }
}
