namespace Pm.Packages.Index;

/// <summary>Where the words of a search were found, best first; of several words the worst counts.</summary>
public enum SearchRank
{
    ExactName,
    NameStart,
    Name,
    Provides,
    Description,
}
