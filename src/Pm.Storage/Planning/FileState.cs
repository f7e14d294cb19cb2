namespace Pm.Storage.Planning;

/// <summary>What has become of a file since pm put it there.</summary>
enum FileState
{
    /// <summary>As pm left it.</summary>
    Pristine,

    /// <summary>Its content, or where a link points, was changed.</summary>
    Modified,

    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>A directory or a special file is there.</summary>
    OtherKind,
}
