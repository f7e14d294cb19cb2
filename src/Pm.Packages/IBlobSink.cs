namespace Pm.Packages;

/// <summary>Where blobs go: a store, a repository, memory.</summary>
public interface IBlobSink
{
    /// <summary>Begins a blob; <paramref name="executable"/> says whether its file will have an execute bit.</summary>
    IBlobWriter Create(bool executable);

    /// <summary>Whether several threads may write a blob each at the same time.</summary>
    bool IsConcurrent => false;
}
