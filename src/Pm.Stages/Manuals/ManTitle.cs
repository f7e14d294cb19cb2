namespace Pm.Stages.Manuals;

/// <summary>The title of a page for man(1): its fields stand at the head and foot. Source: man(7), TH.</summary>
/// <param name="Name">Of the page: <c>pm-remote-add</c>.</param>
/// <param name="Section">1: commands; 8: for who runs the machine.</param>
/// <param name="Date">Of the text; empty: not said.</param>
/// <param name="Source">What it comes with: a package and its version.</param>
/// <param name="Manual">What it is a part of.</param>
public sealed record ManTitle(string Name, int Section, string Date, string Source, string Manual);
