namespace Pm.Storage;

/// <summary>Where a blob lies that is not published yet.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="IsInPlace">
/// Under its final name, without the time that says it is published: a small blob, whose root was known before its file was made.
/// Others lie in the session's directory.
/// </param>
readonly record struct PendingBlob(string Name, bool IsInPlace);
