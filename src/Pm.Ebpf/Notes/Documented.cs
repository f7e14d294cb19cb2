using System.Collections.Immutable;

namespace Pm.Ebpf.Notes;

/// <summary>A declaration with a comment above it.</summary>
/// <param name="Lines">Of the comment, without what makes it one.</param>
/// <param name="Line">Where the comment begins, from 1 on.</param>
/// <param name="Name">What is declared; empty: the file itself.</param>
/// <param name="Section">The name in its <c>SEC(…)</c>; empty: none.</param>
readonly record struct Documented(ImmutableArray<string> Lines, int Line, string Name, string Section);
