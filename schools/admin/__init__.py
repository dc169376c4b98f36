from schools.admin import academic_year, calendar_day, contact, school, school_class, staff, student, user

__all__ = ["academic_year", "calendar_day", "contact", "school", "school_class", "staff", "student", "user"]
