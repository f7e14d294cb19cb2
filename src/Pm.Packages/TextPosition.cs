namespace Pm.Packages;

/// <summary>A place in a text; both count from 1.</summary>
public readonly record struct TextPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
