using Pm.Blobs;

namespace Pm.Packages;

/// <summary>Where blobs go: a store, a repository, memory.</summary>
public interface IBlobSink
{
    /// <summary>Begins a blob; <paramref name="executable"/> says whether its file will have an execute bit.</summary>
    IBlobWriter Create(bool executable);

    /// <summary>Keeps a blob that is in memory whole.</summary>
    MerkleRoot Keep(ReadOnlySpan<byte> content, bool executable)
    {
        using var writer = Create(executable);
        writer.Append(content);
        return writer.Commit();
    }

    /// <summary>Whether several threads may write a blob each at the same time.</summary>
    bool IsConcurrent => false;
}
