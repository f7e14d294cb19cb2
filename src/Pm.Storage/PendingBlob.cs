namespace Pm.Storage;

/// <summary>Where a blob lies that is not published yet.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="IsOnShelf">
/// In the directory it will stay in: a small blob, whose root was known before its file was made. Others lie in the session's.
/// </param>
readonly record struct PendingBlob(string Name, bool IsOnShelf);
